"""The energies of K-means on 65,536 points in scikit-learn, on one thread.

The hard energy takes KMeans.predict, the nearest prototype, which has the squared distance
as a by-product but does not give it; the free energy takes the distances of
KMeans.transform and the logsumexp of SciPy. Both in float32 and in float64.
"""
import numpy as np
import scipy
import scipy.special
import sklearn
import sklearn.cluster
import threadpoolctl

from bench import measure

print("scikit-learn:", sklearn.__version__)
print("scipy:", scipy.__version__, flush=True)

K, BETA = 32, 50
rng = np.random.default_rng(1)

with threadpoolctl.threadpool_limits(1):
    for kind in np.float32, np.float64:
        side = np.linspace(-3, 3, 256)
        points = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2).astype(kind)
        model = sklearn.cluster.KMeans(n_clusters=K, n_init=1, random_state=1).fit(rng.normal(size=(1000, 2)).astype(kind))

        def free():
            return scipy.special.logsumexp(-BETA * model.transform(points) ** 2, axis=1) / -BETA

        kind = np.dtype(kind).name
        measure(f"Landscape/kmeans/256/sklearn/{kind}", lambda: model.predict(points), len(points))
        measure(f"Landscape/softkmeans/256/sklearn/{kind}", free, len(points))
