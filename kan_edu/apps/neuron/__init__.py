"""NeuronApp (lesson 00): `app` is state and sliders, `picture` what is drawn."""
