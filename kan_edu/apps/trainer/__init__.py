"""TrainerApp (lesson 06): `app` holds the controls, `run` trains, `picture` draws."""
