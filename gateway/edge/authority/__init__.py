"""The CA of this installation: one root that lies apart, one intermediate that the workers sign with.

It is made on the box and for this box only. The names it may never sign (policies/hosts/never-signed.yaml) stand in it.
"""
