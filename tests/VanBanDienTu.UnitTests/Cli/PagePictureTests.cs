using System.Text.RegularExpressions;
using VanBanDienTu.Cli;
using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

namespace VanBanDienTu.UnitTests.Cli;

/// <summary>Pictures of the page as signed and as it is now, in the HTML report.</summary>
public sealed partial class PagePictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoryPki _pki = new();

    [Fact]
    public async Task The_page_is_shown_as_it_was_signed_and_as_somebody_made_it_look_since()
    {
        using var story = new StoryFile(_pki);
        story.Sign(_pki.Person());
        var signed = _folder["ký.pdf"];
        File.Copy(story.Path, signed);
        var changed = _folder["sửa.pdf"];
        using (var file = PdfFile.Open(story.Path))
        {
            // The page, empty: what a shadow attack's reader would be shown.
            var writer = new PdfIncrementalWriter(file);
            var page = file.At(file.Newest).Pages[1]!;
            writer.Replace(page.Ref!.Value, page.Dictionary.With("Contents", new PdfReference(writer.Add(new PdfStream(PdfDictionary.Empty, " "u8.ToArray())))));
            using var output = File.Create(changed);
            writer.WriteTo(output);
        }

        Assert.Single(await PicturesAsync(signed)); // nothing came after: one picture says both
        var two = await PicturesAsync(changed);
        Assert.Equal(2, two.Count);
        Assert.NotEqual(two[0], two[1]);
        Assert.All(two, png => Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(png), 1, 3)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_given_to_another_reader()
    {
        await File.WriteAllTextAsync(_folder["lạ.pdf"], "%PDF-1.7 không có gì", TestContext.Current.CancellationToken);
        Assert.Empty(await PicturesAsync(_folder["lạ.pdf"]));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<List<string>> PicturesAsync(string pdf)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        await CommandLine.RunAsync(["verify", pdf, "--offline", "--html", _folder["html"]], output, error);
        var html = await File.ReadAllTextAsync(_folder[$"html/{Path.GetFileNameWithoutExtension(pdf)}.html"], TestContext.Current.CancellationToken);
        return [.. Image().Matches(html).Select(m => m.Groups["png"].Value)];
    }

    [GeneratedRegex("data:image/png;base64,(?<png>[A-Za-z0-9+/=]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Image();
}
