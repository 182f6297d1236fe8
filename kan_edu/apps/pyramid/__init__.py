"""PyramidApp (lesson 05): `app` is state and sliders, `picture` draws, `numbers` writes values into the pyramid."""
