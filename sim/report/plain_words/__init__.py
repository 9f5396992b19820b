"""The flight in plain words for a newspaper, in English, Chinese and Urdu."""
