"""EquationApp (lesson 11): `app` is state and sliders, `run` trains both networks, `picture` draws."""
