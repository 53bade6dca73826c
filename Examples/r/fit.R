# Fits a smoothing spline to noisy points of a known curve, and writes its error and the fitted curve.
words <- commandArgs(trailingOnly = TRUE)
n <- as.integer(words[1])
# R takes seeds below 2^31.
set.seed(as.numeric(words[2]) %% 2147483647)

x <- sort(runif(n))
truth <- function(t) sin(2 * pi * t) + 0.5 * cos(6 * pi * t)
y <- truth(x) + rnorm(n, sd = 0.3)
fitted <- smooth.spline(x, y)

grid <- seq(0.01, 0.99, length.out = 200)
values <- predict(fitted, grid)$y
error <- mean((values - truth(grid))^2)
writeLines(sprintf('{"points": %d, "error": %.17g}', n, error), words[3])
write.csv(data.frame(x = grid, y = values), words[4], row.names = FALSE)
cat(sprintf("n = %d: error %.4g\n", n, error))
