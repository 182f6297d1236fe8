"""ApproximationApp (lesson 03): `app` is state and sliders, `picture` what is drawn."""
