using System.CommandLine;
using System.Diagnostics;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>One of a method's settings as an option: <c>text_encoder</c> is <c>--text-encoder</c>.</summary>
/// <param name="Read">What was given for it; null when nothing was.</param>
internal sealed record SettingOption(LearnSetting Setting, Option Option, Func<ParseResult, object?> Read)
{
    public static SettingOption Of(LearnSetting setting)
    {
        var option = Create(setting);
        if (setting.Rule is { } rule)
        {
            option.Option.Require(rule);
        }

        return option;
    }

    private static SettingOption Create(LearnSetting setting) => setting.Type switch
    {
        var type when type == typeof(bool) => Bind(setting, new Option<bool>(Name(setting)), value => value),
        var type when type == typeof(int) => Bind(setting, Usual<int>(setting), value => value),
        var type when type == typeof(double) => Bind(setting, Usual<double>(setting), value => value),
        { IsEnum: true } => Bind(setting, Choice(setting), name => Enum.Parse(setting.Type, name!, ignoreCase: true)),
        var type when type == typeof(IReadOnlyList<string>) => Bind(
            setting,
            new Option<string[]>(Name(setting)) { AllowMultipleArgumentsPerToken = true },
            texts => texts is { Length: > 0 } ? texts : null),
        var type => throw new UnreachableException($"{setting.Field} is a {type}, which no option is for"),
    };

    private static SettingOption Bind<T>(LearnSetting setting, Option<T> option, Func<T?, object?> read)
    {
        option.Description = setting.Help;
        return new(setting, option, parsed => parsed.GetResult(option) is null or { Implicit: true } ? null : read(parsed.GetValue(option)));
    }

    private static Option<T> Usual<T>(LearnSetting setting)
    {
        var option = new Option<T>(Name(setting));
        if (setting.Usual is T usual)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    private static Option<string> Choice(LearnSetting setting)
    {
        var option = new Option<string>(Name(setting)) { DefaultValueFactory = _ => Lower(setting.Usual!) };
        option.AcceptOnlyFromAmong([.. Enum.GetNames(setting.Type).Select(Lower)]);
        return option;
    }

    private static string Name(LearnSetting setting) => $"--{setting.Field.Replace('_', '-')}";

    private static string Lower(object name) => name.ToString()!.ToLowerInvariant();
}
