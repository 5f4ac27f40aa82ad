namespace Dramatis.Tests.Architecture;

public sealed class AssemblyFileTests
{
    private static readonly AssemblyFile Own = AssemblyFile.Read(typeof(AssemblyFileTests).Assembly.Location);

    [Theory]
    [InlineData(nameof(Sample.Calls), typeof(Uri))]
    [InlineData(nameof(Sample.Makes), typeof(Uri))]
    [InlineData(nameof(Sample.Hides), typeof(Uri))]
    [InlineData(nameof(Sample.WaitsAsync), typeof(Uri))]
    [InlineData(nameof(Sample.Yields), typeof(Uri))]
    [InlineData(nameof(Sample.Lists), typeof(Version))]
    [InlineData(nameof(Sample.Asks), typeof(Version))]
    [InlineData(nameof(Sample.Names), typeof(Version))]
    [InlineData(nameof(Sample.Catches), typeof(KeyNotFoundException))]
    [InlineData(nameof(Sample.Filters), typeof(Guid))]
    [InlineData(nameof(Sample.Bound), typeof(Stream))]
    [InlineData(nameof(Sample.Held), typeof(IFormatProvider))]
    [InlineData(nameof(Sample.Points), typeof(Console))]
    [InlineData(nameof(Sample.Marked), typeof(ObsoleteAttribute))]
    public void A_use_inside_a_member_is_found(string member, Type used) =>
        Assert.Contains(new TypeUse(Named(typeof(AssemblyFileTests)), member, Named(used)), Own.Uses);

    [Fact]
    public void Texts_in_bodies_are_words_of_the_type() => Assert.Contains((Named(typeof(AssemblyFileTests)), "https://a.word"), Own.Words);

    private static TypeName Named(Type type) => new(type.Namespace!, type.Name);

    private static class Sample
    {
        public static readonly Dictionary<string, IFormatProvider[]> Held = [];

        public static int Calls(object value) => ((Uri)value).Port;

        public static int Makes() => new Uri("https://a.word").Port;

        public static Func<object, bool> Hides(int port) => value => value is Uri uri && uri.Port == port;

        public static async Task<object> WaitsAsync(Task<object> value) => ((Uri)await value).Port;

        public static IEnumerable<object> Yields(object value)
        {
            yield return ((Uri)value).Port;
        }

        public static int Lists() => Array.Empty<Version>().Length;

        public static bool Asks(object value) => value is Version;

        public static Type Names() => typeof(Version);

        public static object Filters(object[] values) => values.OfType<Guid>();

        public static void Bound<T>(T value)
            where T : Stream => value.Dispose();

        public static Action<string> Points() => Console.WriteLine;

        [Obsolete("A mark to be found.")]
        public static void Marked()
        {
        }

        public static void Catches(Action action)
        {
            try
            {
                action();
            }
            catch (KeyNotFoundException)
            {
                Held.Clear();
            }
        }
    }
}
