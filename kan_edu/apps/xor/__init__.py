"""XorApp (lesson 02): `app` is state and sliders, `picture` what is drawn."""
