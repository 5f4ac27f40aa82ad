using System.Text;
using Dramatis.Checkpoints.Pickles;

namespace Dramatis.Tests.Checkpoints.Pickles;

public sealed class PickleReaderTests
{
    private const string Class = "cpytorch_lightning.callbacks\nModelCheckpoint\n";

    [Fact]
    public void A_class_may_be_a_key_and_its_entry_is_left_out()
    {
        var mapping = Assert.IsType<PickleMapping>(Read($"}}({Class}}}{Text("a")}K\u0001u."));

        Assert.Equal("a", ((PickleText)Assert.Single(mapping.Entries).Key).Value);
    }

    [Theory]
    [InlineData("C.")]
    [InlineData("C)R.")]
    [InlineData("C)\u0081.")]
    [InlineData("](Ce.")]
    [InlineData("(Ct.")]
    [InlineData("]Ca.")]
    [InlineData("}K\u0001Cs.")]
    [InlineData("ccollections\nOrderedDict\n)RCb.")]
    [InlineData("C}b.")]
    [InlineData("(I.")]
    public void Whatever_else_uses_a_class_is_refused_by_its_name(string pickle)
    {
        var text = pickle.Replace("C", Class, StringComparison.Ordinal).Replace("I", $"i{Class[1..]}", StringComparison.Ordinal);

        var error = Assert.Throws<PickleException>(() => Read(text));

        Assert.Contains("'pytorch_lightning.callbacks.ModelCheckpoint'", error.Message, StringComparison.Ordinal);
        Assert.Contains("not run", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ParameterDict")]
    [InlineData("ParameterList")]
    public void A_dictionary_of_parameters_holds_what_its_attributes_say(string name)
    {
        var mapping = Assert.IsType<PickleMapping>(Read(
            $"ctorch.nn.modules.container\n{name}\n)\u0081}}({Text("training")}\u0088{Text("_parameters")}}}{Text("*")}K\u0005sub."));

        var (key, value) = Assert.Single(mapping.Entries);
        Assert.Equal(("*", 5), (((PickleText)key).Value, (int)((PickleInteger)value).Value));
    }

    private static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";

    // Of protocol 2; each character is a byte.
    private static PickleValue Read(string pickle)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes($"\u0080\u0002{pickle}"));
        return PickleReader.Read(stream).Value;
    }
}
