"""How much people may use of drawing and filming: rules, refusals, what is left, gifts."""
