ACTIVATIONS = {
    "silu": lambda x: x / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(0, x),
    "relu": lambda x: np.maximum(x, 0),
}


def mlp(x, prefix=""):
    """The network whose layers are P[prefix + "layer0.W"] and so on, at the rows of x."""
    count = sum(name.startswith(prefix + "layer") and name.endswith(".W") for name in P)
    act = ACTIVATIONS[K.get("activation", "silu")]
    # Fourier features; their longest period is twice the box.
    waves = P[prefix + "layer0.W"].shape[1] // x.shape[1] // 2
    angles = [k * np.pi / 3 * x for k in range(1, waves + 1)]
    x = np.concatenate([x] + [f(a) for a in angles for f in (np.sin, np.cos)], axis=1)
    for i in range(count):
        x = x @ P[f"{prefix}layer{i}.W"].T + P[f"{prefix}layer{i}.b"]
        if i < count - 1:
            x = act(x)
    return x
