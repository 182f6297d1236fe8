"""GridExtensionApp (lesson 07): `app` is state and sliders, `run` trains, `picture` draws."""
