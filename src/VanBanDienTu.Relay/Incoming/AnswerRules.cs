using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What a unit may answer, given what it answered before. Pure.</summary>
internal static class AnswerRules
{
    /// <summary>Request ids of answers that the node gives by itself begin so; no unit's do.</summary>
    public const string NodePrefix = "node:";

    /// <summary>Stands for the request of a 02 that the node gave by itself.</summary>
    public static string RefusalId(Guid incoming) => $"{NodePrefix}refused:{incoming:D}";

    /// <summary>Null when the answer may go.</summary>
    /// <param name="before">Codes answered so far.</param>
    public static RelayException? Problem(StoredIncoming incoming, UnitAnswer answer, IReadOnlyCollection<string> before)
    {
        if (answer.RequestId.Length is 0 or > 100)
            return RelayException.For([new("request_id", "cần 1 đến 100 ký tự.", "needs 1 to 100 characters.")]);
        if (answer.RequestId.StartsWith(NodePrefix, StringComparison.Ordinal))
            return RelayException.For([new("request_id", $"không được bắt đầu bằng «{NodePrefix}».", $"must not begin with «{NodePrefix}».")]);
        if (answer.Description is { Length: > 1000 })
            return RelayException.For([new("description", "dài quá 1.000 ký tự.", "is longer than 1,000 characters.")]);
        if (!EdxmlStatusCodes.TryParse(answer.Code, out var code) || code is EdxmlStatusCode.Arrived or EdxmlStatusCode.TakeBack)
            return NotAllowed($"mã «{answer.Code}» không phải mã trả lời (02–06, 15, 16)", $"«{answer.Code}» is not an answer (02 to 06, 15, 16)");
        if (code is EdxmlStatusCode.Rejected or EdxmlStatusCode.ChangeRefused && string.IsNullOrWhiteSpace(answer.Description))
            return new RelayException(RelayFault.ReasonRequired, $"Mã {code.Code()} phải kèm lý do.", $"{code.Code()} needs a reason.");
        return code switch
        {
            EdxmlStatusCode.ChangeAgreed or EdxmlStatusCode.ChangeRefused when !incoming.RequestOpen => new RelayException(
                RelayFault.NoOpenRequest, "Không có yêu cầu lấy lại, cập nhật hoặc thay thế nào đang chờ trả lời.",
                "No recall, update or replacement waits for an answer."),
            EdxmlStatusCode.ChangeAgreed or EdxmlStatusCode.ChangeRefused => null,
            _ when incoming.Request == "recall:agreed" => NotAllowed("văn bản đã được trả lại", "the document was given back"),
            EdxmlStatusCode.Rejected when before.Any(c => c is "03" or "04" or "05" or "06") =>
                NotAllowed("văn bản đã được tiếp nhận, không thể từ chối nữa", "the document was accepted before, it cannot be rejected now"),
            EdxmlStatusCode.Rejected => null,
            _ when before.Contains("02", StringComparer.Ordinal) => NotAllowed("văn bản đã bị từ chối", "the document was rejected before"),
            _ when incoming.Confirmed is null => new RelayException(
                RelayFault.NotFetched, "Hãy tải và xác nhận văn bản trước khi trả lời 03–06.", "Fetch and confirm the document before answering 03 to 06."),
            _ => null,
        };
    }

    private static RelayException NotAllowed(string vi, string en) =>
        new(RelayFault.StatusNotAllowed, $"Không trả lời được: {vi}.", $"This cannot be answered: {en}.");
}
