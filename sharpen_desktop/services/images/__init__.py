"""Reading and writing pictures; runs in the *pictures* process. The surface is image_io."""
