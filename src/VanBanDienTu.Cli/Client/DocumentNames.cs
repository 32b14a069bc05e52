using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Client;

/// <summary>Which outgoing document people mean: by our id, by its edXML id, or by its number and notation when only one has it.</summary>
internal static class DocumentNames
{
    /// <exception cref="CommandException">No document has that number, or several have it.</exception>
    public static async Task<string> EdxmlIdAsync(NodeConnection node, string name, CancellationToken ct)
    {
        if (Guid.TryParse(name, out _))
            return (await node.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = name }, cancellationToken: ct)).EdxmlDocumentId;
        if (name.Contains(',', StringComparison.Ordinal))
            return name;
        var found = (await node.Outgoing.ListAsync(new ListOutgoingRequest { Code = name, PageSize = 10 }, cancellationToken: ct)).Documents
            .Where(d => d.State != "Refused").ToList();
        return found switch
        {
            [var only] => only.EdxmlDocumentId,
            [] => throw new CommandException(
                ExitCode.Failed, $"Cơ quan chưa gửi văn bản nào có số «{name}» qua nút này.", $"No document «{name}» was sent through this node."),
            _ => throw new CommandException(
                ExitCode.Failed, $"Có {found.Count} văn bản số «{name}»: hãy ghi mã văn bản (xem vbdt where {name}).",
                $"{found.Count} documents have the number «{name}»: name one by its id (see vbdt where {name})."),
        };
    }
}
