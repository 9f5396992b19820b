"""From the pad to orbit: steering, guidance, aborts, where the parts fall."""
