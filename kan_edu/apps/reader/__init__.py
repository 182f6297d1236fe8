"""ReaderApp (lesson 09): `tables` has the data, `state` networks and candidates, `written` their formulas, `app`, `picture`."""
