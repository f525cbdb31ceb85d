#!/usr/bin/env python3
"""What our training is compared with: the same algorithms in PyTorch.

    train.py [-n TIMES] [METHOD ...]

trains maxlik, cd, pcd, dae and nce with the same defaults and for as many steps as
cmd/ebmviz does, on one thread, and prints, in the format of Go's benchmarks, the time of
a training and the AUC that it reaches:

    BenchmarkTrain/cd/torch 1 1234567 ns/op 0.931 auc

Each method is written twice: with autograd, as one would write it first, and with
gradients by hand, on one flat vector of parameters, as one would who is after speed. The
line above is that of the faster; each has a line of its own as well (…/torch-autograd,
…/torch-hand). What ours computes for the eye alone, such as paths, the cosine with the
true gradient and log Z of nce, is left out here.

The BLAS that PyTorch calls should be OpenBLAS (Debian: libopenblas0-pthread). PyTorch
itself uses AVX2 unless ATEN_CPU_CAPABILITY=avx512 asks for more. OpenBLAS goes by the name of
the processor, and takes SSE3 where it does not know it: OPENBLAS_CORETYPE=Haswell gives it
AVX2, SkylakeX AVX-512.
"""

import argparse
import math
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
import torch.nn.functional as F

torch.set_num_threads(1)

L = 1.5  # half the side of the box
AREA = 4 * L * L
silu_backward = torch.ops.aten.silu_backward
tanh_backward = torch.ops.aten.tanh_backward


# The data, and what judges a landscape


def spiral(n, rng):
    """Two turns of a spiral and noise, what falls out of the box drawn again."""
    points = torch.empty(0, 2)
    while len(points) < n:
        s = torch.sqrt(0.12**2 + (1 - 0.12**2) * torch.rand(n, 1, generator=rng))
        angle = 4 * math.pi * s
        y = 1.25 * s * torch.cat([torch.cos(angle), torch.sin(angle)], 1)
        y += 0.04 * torch.randn(n, 2, generator=rng)
        points = torch.cat([points, y[(y.abs() <= L).all(1)]])
    return points[:n]


def scattered(rng):
    """4000 uniform points, one in each of 80×50 equal cells."""
    j, i = torch.meshgrid(torch.arange(50), torch.arange(80), indexing="ij")
    cell = torch.stack([i.flatten(), j.flatten()], 1)
    return L * (2 * (cell + torch.rand(4000, 2, generator=rng)) / torch.tensor([80, 50]) - 1)


def auc(energy):
    """The probability that a fresh point of the data has less energy than a uniform one."""
    rng = torch.Generator().manual_seed(8)
    data, uniform = energy(spiral(1500, rng)), energy(scattered(rng)).sort().values
    below, up_to = torch.searchsorted(uniform, data), torch.searchsorted(uniform, data, right=True)
    return 1 - ((below + up_to).double().mean() / 2 / len(uniform)).item()


# The network: Fourier features, two hidden layers of 32


class Net:
    """The parameters are views into one flat vector, in .params, and so are their gradients, in .grad."""

    def __init__(self, harmonics=4, out=1, act="silu", params=None):
        self.act = act
        k = torch.arange(1, harmonics + 1) * math.pi / (2 * L)
        self.waves = torch.cat([torch.kron(k[None], torch.eye(2)[:, :1]), torch.kron(k[None], torch.eye(2)[:, 1:])], 1)
        self.waves_t = self.waves.t().contiguous()
        sizes = [2 + 4 * harmonics, 32, 32, out]
        shapes = [s for i, o in zip(sizes, sizes[1:]) for s in ((o, i), (o,))]
        count = sum(math.prod(s) for s in shapes)
        self.params, self.grad = torch.zeros(count), torch.zeros(count)
        split = lambda flat: [p.view(s) for p, s in zip(flat.split([math.prod(s) for s in shapes]), shapes)]
        self.tensors, self.grads = split(self.params), split(self.grad)
        for w, b in zip(self.tensors[::2], self.tensors[1::2]):
            bound = 1 / math.sqrt(w.shape[1])
            w.uniform_(-bound, bound), b.uniform_(-bound, bound)

    def features(self, y):
        angle = y @ self.waves
        return torch.cat([y, torch.sin(angle), torch.cos(angle)], 1)

    def __call__(self, y):
        W1, b1, W2, b2, W3, b3 = self.tensors
        act = F.silu if self.act == "silu" else torch.tanh
        return F.linear(act(F.linear(act(F.linear(self.features(y), W1, b1)), W2, b2)), W3, b3)

    def energy(self, y):
        return self(y)[:, 0]

    # The same by hand: forward keeps what backward needs.

    def forward(self, y):
        W1, b1, W2, b2, W3, b3 = self.tensors
        act = F.silu if self.act == "silu" else torch.tanh
        x0 = self.features(y)
        z1 = torch.addmm(b1, x0, W1.t())
        x1 = act(z1)
        z2 = torch.addmm(b2, x1, W2.t())
        x2 = act(z2)
        self.kept = x0, z1, x1, z2, x2
        return torch.addmm(b3, x2, W3.t())

    def back(self, delta, z, x):
        return silu_backward(delta, z) if self.act == "silu" else tanh_backward(delta, x)

    def backward(self, delta):
        """Sets .grad to that of a loss whose derivative by the outputs is delta."""
        _, _, W2, _, W3, _ = self.tensors
        gW1, gb1, gW2, gb2, gW3, gb3 = self.grads
        x0, z1, x1, z2, x2 = self.kept
        torch.mm(delta.t(), x2, out=gW3), torch.sum(delta, 0, out=gb3)
        delta = self.back(delta @ W3, z2, x2)
        torch.mm(delta.t(), x1, out=gW2), torch.sum(delta, 0, out=gb2)
        delta = self.back(delta @ W2, z1, x1)
        torch.mm(delta.t(), x0, out=gW1), torch.sum(delta, 0, out=gb1)

    def slope(self, y):
        """E and ∂E/∂y of an energy."""
        W1, _, W2, _, W3, _ = self.tensors
        e = self.forward(y)[:, 0]
        x0, z1, x1, z2, x2 = self.kept
        delta = self.back(W3.expand_as(z2), z2, x2)
        delta = self.back(delta @ W2, z1, x1) @ W1
        n = self.waves.shape[1]
        sin, cos = x0[:, 2 : 2 + n], x0[:, 2 + n :]
        by_angle = cos * delta[:, 2 : 2 + n] - sin * delta[:, 2 + n :]
        return e, torch.addmm(delta[:, :2], by_angle, self.waves_t)


# Descent: a gradient no longer than 10, Adam at lr·max(0.05, 1/(1+t/300)), a running average


def decay(t):
    return min(0.99, (1 + t) / (10 + t))


class Autograd:
    """Descent as one would write it first."""

    hand = False

    def __init__(self, net, lr):
        self.net, self.t = net, 0
        for p in net.tensors:
            p.requires_grad_()
        self.adam = torch.optim.Adam(net.tensors, lr=lr, foreach=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.adam, lambda t: max(0.05, 1 / (1 + t / 300)))
        self.average = [p.detach().clone() for p in net.tensors]

    def descend(self, loss):
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.tensors, 10)
        self.adam.step()
        self.schedule.step()
        with torch.no_grad():
            d = decay(self.t)
            torch._foreach_mul_(self.average, d)
            torch._foreach_add_(self.average, self.net.tensors, alpha=1 - d)
        self.t += 1

    def slope(self, y):
        """E and ∂E/∂y."""
        y = y.detach().requires_grad_()
        e = self.net.energy(y)
        (g,) = torch.autograd.grad(e.sum(), y)
        return e.detach(), g

    def shown(self):
        with torch.no_grad():
            for p, a in zip(self.net.tensors, self.average):
                p.copy_(a)


class Hand:
    """The same for gradients by hand, on the flat vector."""

    hand = True

    def __init__(self, net, lr):
        self.net, self.lr, self.t = net, lr, 0
        self.m, self.v, self.average = torch.zeros_like(net.params), torch.zeros_like(net.params), net.params.clone()
        self.slope = net.slope

    def descend(self, delta):
        net, t = self.net, self.t
        net.backward(delta)
        norm = net.grad.norm().item()
        if norm > 10:
            net.grad.mul_(10 / norm)
        rate = self.lr * max(0.05, 1 / (1 + t / 300)) / (1 - 0.9 ** (t + 1))
        self.m.lerp_(net.grad, 0.1)
        self.v.mul_(0.999).addcmul_(net.grad, net.grad, value=0.001)
        root = (self.v / (1 - 0.999 ** (t + 1))).sqrt_().add_(1e-8)
        net.params.addcdiv_(self.m, root, value=-rate)
        self.average.lerp_(net.params, 1 - decay(t))
        self.t += 1

    def shown(self):
        self.net.params.copy_(self.average)


# The methods. Each returns its network, its descent and one step.


def contrast(net, descent, y, up, r):
    """Down at y, up at the points up, and energies kept small: L = <E(y)> - <E(up)> + r(<E(y)²> + <E(up)²>)."""
    n, m = len(y), len(up)
    both = torch.cat([y, up])
    if descent.hand:
        e = net.forward(both)
        delta = 2 * r * e
        delta[:n].add_(1).div_(n)
        delta[n:].sub_(1).div_(m)
        descent.descend(delta)
        return
    lower, upper = net.energy(both).split([n, m])
    descent.descend(lower.mean() - upper.mean() + r * (lower.square().mean() + upper.square().mean()))


def maxlik(data, Descent, batch=128, side=40, r=1e-3):
    net = Net()
    descent = Descent(net, 1e-2)
    h = 2 * L / side
    node = -L + h * (torch.arange(side) + 0.5)
    grid = torch.cartesian_prod(node, node)
    n = len(grid)

    def step():
        y = data[torch.randint(len(data), (batch,))]
        both = torch.cat([y, grid + h * (torch.rand(2) - 0.5)])
        if descent.hand:
            e = net.forward(both)
            delta = 2 * r * e
            delta[:batch].add_(1).div_(batch)
            delta[batch:].div_(n).sub_(torch.softmax(-e[batch:], 0))
            descent.descend(delta)
            return
        lower, everywhere = net.energy(both).split([batch, n])
        log_z = torch.logsumexp(-everywhere, 0) + 2 * math.log(h)
        descent.descend(lower.mean() + log_z + r * (lower.square().mean() + everywhere.square().mean()))

    return net, descent, step


def reflect(y):
    """Mirrors what lies beyond a wall in it, and stops there what is still not inside."""
    return (y - 2 * (y - y.clamp(-L, L))).clamp_(-L, L)


def cd(data, Descent, batch=128, r=0.03, kick=0.25, chain=10, eta=7e-4, clip=50):
    net = Net()
    descent = Descent(net, 1e-2)

    def step():
        y = data[torch.randint(len(data), (batch,))]
        walker = reflect(y + kick * torch.randn_like(y))
        for _ in range(chain):
            g = descent.slope(walker)[1]
            g *= (clip / g.norm(dim=1, keepdim=True)).clamp_(max=1)
            walker = reflect(walker - eta * g)
        contrast(net, descent, y, walker, r)

    return net, descent, step


def pcd(data, Descent, batch=256, r=0.03, count=512, chain=20, restart=0.01, eta=3e-4):
    net = Net()
    descent = Descent(net, 1e-2)
    anywhere = lambda n: L * (2 * torch.rand(n, 2) - 1)
    pool = anywhere(count)

    def step():
        nonlocal eta
        y = data[torch.randint(len(data), (batch,))]
        chosen = torch.randperm(count)[:batch]
        at = torch.where(torch.rand(batch, 1) < restart, anywhere(batch), pool[chosen])
        noise = math.sqrt(2 * eta) * torch.randn(chain, batch, 2)
        log_u = torch.rand(chain, batch).log_()
        e, g = descent.slope(at)
        accepted = torch.zeros(batch)
        drift = at - eta * g
        for i in range(chain):
            to = drift + noise[i]
            to_e, to_g = descent.slope(to)
            to_drift = to - eta * to_g
            forth, back = noise[i].square().sum(1), (at - to_drift).square().sum(1)
            goes = (log_u[i] < e - to_e + (forth - back) / (4 * eta)) & (to.abs().amax(1) <= L)
            column = goes[:, None]
            at, drift, e = torch.where(column, to, at), torch.where(column, to_drift, drift), torch.where(goes, to_e, e)
            accepted += goes
        eta = min(max(eta * math.exp(0.1 * (accepted.mean().item() / chain - 0.57)), 1e-5), 0.5)
        pool[chosen] = at
        contrast(net, descent, y, at, r)

    return net, descent, step


def dae(data, Descent, batch=128, sigma=0.15):
    net = Net(harmonics=6, out=2, act="tanh")
    descent = Descent(net, 1e-2)

    def step():
        y = data[torch.randint(len(data), (batch,))]
        noisy = y + sigma * torch.randn_like(y)
        if descent.hand:
            descent.descend((net.forward(noisy) - y) * (2 / batch))
        else:
            descent.descend((net(noisy) - y).square().sum(1).mean())

    return net, descent, step


def nce(data, Descent, batch=128, nu=4):
    net = Net()
    descent = Descent(net, 2e-2)
    log_nu_q = math.log(nu / AREA)

    def step():
        y = data[torch.randint(len(data), (batch,))]
        both = torch.cat([y, L * (2 * torch.rand(nu * batch, 2) - 1)])
        if descent.hand:
            delta = torch.sigmoid(net.forward(both) + log_nu_q)
            delta[batch:].sub_(1)  # ν/(ν batch) is 1/batch
            descent.descend(delta.div_(batch))
            return
        odds = net.energy(both) + log_nu_q
        descent.descend(F.softplus(odds[:batch]).mean() + nu * F.softplus(-odds[batch:]).mean())

    return net, descent, step


METHODS = {"maxlik": (maxlik, 600), "cd": (cd, 800), "pcd": (pcd, 1200), "dae": (dae, 3000), "nce": (nce, 1200)}


def train(name, Descent, seed, limit=None):
    """Trains once, for no more than the given steps, and returns the seconds it took and the AUC."""
    method, steps = METHODS[name]
    data = spiral(1000, torch.Generator().manual_seed(1))
    torch.manual_seed(seed)
    start = time.perf_counter()
    net, descent, step = method(data, Descent)
    with torch.set_grad_enabled(not descent.hand):
        for _ in range(limit or steps):
            step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        descent.shown()
        energy = net.energy if name != "dae" else lambda y: (y - net(y)).square().sum(1)
        return seconds, auc(energy)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1, metavar="TIMES", help="train so often, each time from another seed")
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="of " + ", ".join(METHODS))
    args = parser.parse_args()
    for name in args.methods or METHODS:
        lines = {}
        for how, Descent in {"autograd": Autograd, "hand": Hand}.items():
            train(name, Descent, 0, 20)  # to warm up
            runs = [train(name, Descent, 1 + i) for i in range(args.n)]
            seconds, reached = (sum(column) / len(runs) for column in zip(*runs))
            lines[how] = (seconds, f"{args.n} {seconds * 1e9:.0f} ns/op {reached:.4f} auc")
            print(f"BenchmarkTrain/{name}/torch-{how} {lines[how][1]}", flush=True)
        print(f"BenchmarkTrain/{name}/torch {min(lines.values())[1]}", flush=True)


if __name__ == "__main__":
    main()
