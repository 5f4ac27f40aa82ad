namespace Dramatis.Benches.Speed;

/// <summary>Where the seconds of one call went.</summary>
/// <param name="Norms">Norms and activations that are libtorch's own.</param>
/// <param name="Rest">libtorch's other operations: sums, products, concatenations, copies.</param>
/// <param name="Outside">Not in libtorch: the library's own kernel for norm with SiLU, where the processor has the registers for it, and the bindings.</param>
internal readonly record struct KernelSeconds(double Convolution, double Linear, double Attention, double Norms, double Rest, double Outside)
{
    /// <summary>Sorts the time of some calls by kind.</summary>
    /// <param name="operations">Seconds of all calls, by libtorch's name of the operation.</param>
    /// <param name="total">Seconds of all calls by the clock.</param>
    internal static KernelSeconds Of(IReadOnlyDictionary<string, double> operations, double total, int calls)
    {
        var convolution = Sum("aten::conv2d", "aten::conv_transpose2d");
        var linear = Sum("aten::linear", "aten::matmul");
        var attention = Sum("aten::scaled_dot_product_attention");

        // The only products cell by cell are those with a gate.
        var norms = Sum("aten::group_norm", "aten::layer_norm", "aten::silu", "aten::gelu", "aten::mul");
        var inside = operations.Values.Sum() / calls;
        return new(convolution, linear, attention, norms, inside - convolution - linear - attention - norms, (total / calls) - inside);

        double Sum(params ReadOnlySpan<string> names)
        {
            double sum = 0;
            foreach (var name in names)
            {
                sum += operations.GetValueOrDefault(name);
            }

            return sum / calls;
        }
    }
}
