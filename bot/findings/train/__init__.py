"""Training of the two networks; needs the extra `train` (torch, scikit-learn), which nothing else imports."""
