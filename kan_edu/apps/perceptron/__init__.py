"""PerceptronApp (lesson 01): `app` is state and sliders, `run` what the rule does, `picture` what is drawn."""
