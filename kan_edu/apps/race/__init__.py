"""RaceApp (lesson 08): `app` is state and sliders, `run` trains both networks, `picture` draws."""
