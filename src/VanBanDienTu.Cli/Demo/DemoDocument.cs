using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Demo;

/// <summary>A document of the story: the file as its sender hands it over, what is written about it, and who gets it.</summary>
/// <param name="Name">File name without extension; names everything that the demo keeps of it.</param>
/// <param name="File">The PDF with the person's signature.</param>
internal sealed record DemoDocument(string Name, string File, DocumentHeader Header, string[] Recipients)
{
    /// <summary>Số và ký hiệu, e.g. 101/CQM1-VP.</summary>
    public string Code => Answers.Code(Header);
}
