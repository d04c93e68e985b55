"""Training of the label model; needs the extra `train` (torch, scikit-learn), which nothing else imports."""
