"""One step of contrastive divergence with 20 Langevin steps in PyTorch, on one thread.

The energy is a network 2-H-H-1 with tanh. Each step takes 20 steps of noisy descent on y,
one gradient by the parameters at the data and one at the ends of the chains, and one
update by Adam: with autograd as one would write it first, and with gradients by hand,
which need no graph and reuse their memory.
"""
import torch

from bench import measure

torch.set_num_threads(1)
print("torch:", torch.__version__, flush=True)

STEPS, ETA, NOISE, RATE = 20, 1e-3, 1e-2, 1e-2


def autograd(h, data):
    net = torch.nn.Sequential(
        torch.nn.Linear(2, h), torch.nn.Tanh(), torch.nn.Linear(h, h), torch.nn.Tanh(), torch.nn.Linear(h, 1))
    adam = torch.optim.Adam(net.parameters(), lr=RATE)

    def step():
        net.requires_grad_(False)
        y = data.clone().requires_grad_()
        for _ in range(STEPS):
            g, = torch.autograd.grad(net(y).sum(), y)
            with torch.no_grad():
                y.add_(g, alpha=-ETA).add_(torch.randn_like(y), alpha=NOISE)
        net.requires_grad_(True)
        adam.zero_grad(set_to_none=True)
        (net(data).mean() - net(y.detach()).mean()).backward()
        adam.step()

    return step


def layers(flat, h):
    """Cuts a flat vector into W1 [2,h], b1, W2 [h,h], b2, w3 [h,1], b3."""
    parts = flat.split([2 * h, h, h * h, h, h, 1])
    return parts[0].view(2, h), parts[1], parts[2].view(h, h), parts[3], parts[4].view(h, 1), parts[5]


@torch.no_grad()
def by_hand(h, data):
    b = len(data)
    flat = torch.randn(h * h + 5 * h + 1).mul_(h ** -0.5)
    flat.grad = torch.zeros_like(flat)
    adam = torch.optim.Adam([flat], lr=RATE)
    w1, b1, w2, b2, w3, b3 = layers(flat, h)
    d_w1, d_b1, d_w2, d_b2, d_w3, d_b3 = layers(flat.grad, h)
    h1, h2, g1, g2 = (torch.empty(b, h) for _ in range(4))
    y, g, noise = (torch.empty(b, 2) for _ in range(3))
    both, weight = torch.empty(2 * b, 2), torch.tensor([1 / b, -1 / b]).repeat_interleave(b)[:, None]
    back = torch.ops.aten.tanh_backward  # (g, tanh z) → g (1 - tanh² z)
    slope = w3.t().expand(b, h)

    def walk():
        torch.addmm(b1, y, w1, out=h1).tanh_()
        torch.addmm(b2, h1, w2, out=h2).tanh_()
        back.grad_input(slope, h2, grad_input=g2)
        torch.mm(g2, w2.t(), out=g1)
        back.grad_input(g1, h1, grad_input=g1)
        torch.mm(g1, w1.t(), out=g)
        y.add_(g, alpha=-ETA).add_(noise.normal_(), alpha=NOISE)

    def learn():
        a1 = torch.addmm(b1, both, w1).tanh_()
        a2 = torch.addmm(b2, a1, w2).tanh_()
        torch.mm(a2.t(), weight, out=d_w3)
        d_b3.copy_(weight.sum(0))
        e2 = back(weight * w3.t(), a2)
        torch.mm(a1.t(), e2, out=d_w2)
        torch.sum(e2, 0, out=d_b2)
        e1 = back(e2 @ w2.t(), a1)
        torch.mm(both.t(), e1, out=d_w1)
        torch.sum(e1, 0, out=d_b1)

    def step():
        y.copy_(data)
        for _ in range(STEPS):
            walk()
        torch.cat([data, y], out=both)
        learn()
        adam.step()

    check(flat, both, weight, h, learn)
    return step


def check(flat, both, weight, h, learn):
    """Holds the gradient by hand to autograd's."""
    both.normal_()
    learn()
    with torch.enable_grad():
        theta = flat.clone().requires_grad_()
        w1, b1, w2, b2, w3, b3 = layers(theta, h)
        energy = torch.tanh(torch.tanh(both @ w1 + b1) @ w2 + b2) @ w3 + b3
        want, = torch.autograd.grad((weight * energy).sum(), theta)
    torch.testing.assert_close(flat.grad, want, rtol=1e-3, atol=1e-5)


for h, b in (64, 128), (64, 512), (64, 1024), (128, 512):
    torch.manual_seed(1)
    data = torch.rand(b, 2) * 6 - 3
    for name, make in ("autograd", autograd), ("by-hand", by_hand):
        measure(f"CD20/H={h}/B={b}/torch/{name}", make(h, data))
