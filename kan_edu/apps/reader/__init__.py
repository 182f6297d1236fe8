"""ReaderApp (lesson 09): `tables` (data), `state` (networks, candidates), `written` (formulas), `app`, `picture`."""
