"""The energies of 65,536 points of the plane in PyTorch, on one thread.

The network is the usual nn.Sequential. It takes the points all at once, and also in pieces
that fit into the cache; torch.jit and optimize_for_inference were slower than the latter.
"""
import torch

from bench import measure

torch.set_num_threads(1)
torch.manual_seed(1)
print("torch:", torch.__version__, flush=True)

side = torch.linspace(-3, 3, 256)
points = torch.cartesian_prod(side, side)


def net(h, act):
    return torch.nn.Sequential(
        torch.nn.Linear(2, h), act(), torch.nn.Linear(h, h), act(), torch.nn.Linear(h, 1)).eval()


with torch.inference_mode():
    for h in 32, 64, 128:
        for act, name in (torch.nn.Tanh, "tanh"), (torch.nn.SiLU, "silu"):
            energy, case = net(h, act), f"Grid/H={h}/act={name}/torch"
            measure(f"{case}/whole", lambda: energy(points), len(points))
            for size in 1024, 4096:
                pieces = points.split(size)
                measure(f"{case}/pieces={size}", lambda: torch.cat([energy(p) for p in pieces]), len(points))
