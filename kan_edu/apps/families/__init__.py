"""FamiliesApp (lesson 03): `app` is state, fits and sliders, `picture` what is drawn."""
