using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Signing;

/// <summary>A digest of the words that shape a signature, whatever options there are: the ones given, and the content of files they name.</summary>
internal static class OptionsDigest
{
    // Where outputs go, what is printed, and how secrets are given change nothing in a signed file; the key counts by its certificate.
    private static readonly HashSet<string> Apart = new(StringComparer.Ordinal)
    {
        "--output", "--out-dir", "--json", "--again", "--key", "--password-file", "--pin-file", "--pdf-password-file",
    };

    public static string Of(ParseResult parsed)
    {
        var words = new StringBuilder(typeof(OptionsDigest).Assembly.GetName().Version?.ToString());
        foreach (var option in parsed.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit && !Apart.Contains(o.Option.Name)).OrderBy(o => o.Option.Name, StringComparer.Ordinal))
        {
            words.Append('\n').Append(option.Option.Name);
            foreach (var token in option.Tokens)
                words.Append('\0').Append(token.Value).Append(File.Exists(token.Value) ? FileDigest.Of(token.Value) : "");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words.ToString())));
    }
}
