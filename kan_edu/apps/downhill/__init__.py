"""DownhillApp (lesson 06b): `app` is state and sliders, `run` has the surfaces and walks on them, `picture` draws."""
