"""Two classes on both sides of a spiral."""
import math

import torch


def draw(count, seed, noise=0.15):
    """Points and their classes; the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    turn = torch.rand(count, generator=generator) * 3 * math.pi + 0.5 * math.pi
    classes = torch.randint(0, 2, (count,), generator=generator)
    angle = turn + math.pi * classes
    points = torch.stack([turn * torch.cos(angle), turn * torch.sin(angle)], dim=1) / 4
    return points + noise * torch.randn(count, 2, generator=generator), classes.float()
