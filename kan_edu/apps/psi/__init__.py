"""PsiApp (lesson 04): `app` is state and sliders, `picture` what is drawn."""
