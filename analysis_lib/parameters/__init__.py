"""The parameters of a report: what they are, and the gate that types and checks them."""
