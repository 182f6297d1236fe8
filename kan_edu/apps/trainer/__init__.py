"""TrainerApp (lesson 06): `app` trains and holds the sliders, `picture` what is drawn."""
