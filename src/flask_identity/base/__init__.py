"""Words every layer uses: ports, settings, errors, signals and the clock. Imports nothing of ours."""
