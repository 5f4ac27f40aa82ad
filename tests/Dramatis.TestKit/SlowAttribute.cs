using Xunit.v3;

namespace Dramatis.TestKit;

/// <summary>A test that <c>./test</c> leaves out; <c>./test --all</c> and continuous integration run it.</summary>
/// <remarks>For one row of data: <c>Traits = [SlowAttribute.Name, SlowAttribute.Value]</c>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public const string Name = "Speed";
    public const string Value = "slow";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Name, Value)];
}
