using Xunit.v3;

namespace Dramatis.TestKit;

/// <summary>A test that <c>./test</c> leaves out; <c>./test --all</c> and continuous integration run it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Speed", "slow")];
}
