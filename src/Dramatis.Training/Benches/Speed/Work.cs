namespace Dramatis.Benches.Speed;

/// <summary>Floating-point operations of one call, two for each multiplication with addition.</summary>
internal readonly record struct Work(double Convolution, double Linear, double Attention)
{
    public double Total => Convolution + Linear + Attention;

    public static Work operator +(Work a, Work b) => Add(a, b);

    public static Work Add(Work a, Work b) => new(a.Convolution + b.Convolution, a.Linear + b.Linear, a.Attention + b.Attention);

    public static Work Sum(IEnumerable<Work> parts) => parts.Aggregate(default(Work), Add);

    /// <summary>A convolution without bias, by the cells that come out.</summary>
    public static Work Conv(double cells, int from, int to, int kernel) => new(2 * cells * from * to * kernel * kernel, 0, 0);

    /// <summary>A linear layer on some rows.</summary>
    public static Work Lin(double rows, int from, int to) => new(0, 2 * rows * from * to, 0);

    /// <summary>Products with keys and values, for all heads together.</summary>
    public static Work Attend(double rows, double queries, double keys, int width) => new(0, 0, 4 * rows * queries * keys * width);
}
