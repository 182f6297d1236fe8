"""SplineApp (lesson 05): `state` is the spline that can be moved, `app` its sliders, `picture` what is drawn."""
