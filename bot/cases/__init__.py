"""Cases: what people ask the desks to do, from the first word to the last reply."""
