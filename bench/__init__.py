"""What a build costs: time, processor, memory; ours, Hugo's, and the floor's. See README.md."""
