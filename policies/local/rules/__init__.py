"""One module a subject; each public function is the rule of a row in ../controls.toml."""
