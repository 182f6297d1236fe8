"""PerceptronApp (lesson 01): `app` is state and sliders, `picture` what is drawn."""
