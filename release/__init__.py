"""What a release is made of: what it depends on, under which licences, with which known holes, and how it is signed."""
