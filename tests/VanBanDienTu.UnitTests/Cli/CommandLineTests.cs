using System.CommandLine;
using VanBanDienTu.Cli;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.UnitTests.Cli;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands => [.. Leaves(CommandLine.Root(), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_every_command_shows_an_example_and_speaks_both_languages(string command)
    {
        var (code, output, _) = await RunAsync([.. command.Split(' '), "--help"]);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains($"Examples:{Environment.NewLine}  vbdt {command}", output, StringComparison.Ordinal);
        Assert.Contains(" / ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("send")]
    [InlineData("answer an-id 99")]
    [InlineData("outgoing")]
    [InlineData("evidence get --all --nosuch")]
    public async Task Wrong_words_end_with_64_and_say_where_the_help_is(string words)
    {
        var (code, output, error) = await RunAsync(words.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_command_without_a_node_says_which_option_is_missing()
    {
        var (code, _, error) = await RunAsync(["outgoing", "show", "an-id"]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("VBDT_NODE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_address_that_is_not_https_is_a_usage_error()
    {
        var (code, _, error) = await RunAsync(["outgoing", "list", "--node", "127.0.0.1:7443"]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("https://", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_file_is_named()
    {
        var (code, _, error) = await RunAsync(
            ["outgoing", "list", "--node", "https://127.0.0.1:1", "--cert", "a.p12", "--password-file", "/nowhere/password", "--trust", "."]);
        Assert.Equal(ExitCode.NoInput, code);
        Assert.Contains("/nowhere/password", error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(Command command, string path)
    {
        foreach (var sub in command.Subcommands)
        {
            var name = $"{path} {sub.Name}".Trim();
            if (sub.Subcommands.Count == 0) yield return name;
            foreach (var leaf in Leaves(sub, name)) yield return leaf;
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(words, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
