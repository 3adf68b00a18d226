"""Turns an answer in Markdown into what a voice can read, while the answer is still written.

`structure` tells lines apart, `spans` keeps code, links and formulas whole, `sentences` cuts,
`languages` tells who should read, `spoken` and `numbers` say how, and `reader` joins them.
"""
