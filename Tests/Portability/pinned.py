"""What numpy computes in the ways that depend on the processor: products, elementary functions, sums.

Prints a digest of each. numpy and its BLAS choose their code by the processor, unless variables tell them otherwise.
"""
import hashlib

import numpy

stream = numpy.random.Generator(numpy.random.Philox(7))
square = stream.random((200, 200))
line = stream.standard_normal(10_000) * 10
results = {}
for name, kind in (("64", numpy.float64), ("32", numpy.float32)):
    matrix, values = square.astype(kind), line.astype(kind)
    results["product" + name] = matrix @ matrix
    results["inverse" + name] = numpy.linalg.inv(matrix + 200 * numpy.eye(200, dtype=kind))
    for function in (numpy.exp, numpy.tanh, numpy.sin, numpy.cbrt, numpy.arctan):
        results[function.__name__ + name] = function(values)
    results["log" + name] = numpy.log(numpy.abs(values))
    results["power" + name] = numpy.abs(values) ** kind(1.7)
    results["sum" + name] = values.sum()
for name, value in results.items():
    print(name, hashlib.sha256(numpy.ascontiguousarray(value).tobytes()).hexdigest()[:16])
