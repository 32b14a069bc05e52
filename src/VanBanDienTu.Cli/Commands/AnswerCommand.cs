using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt answer</c>: the recipient tells the sender how far a document is.</summary>
internal static class AnswerCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản đến / incoming id" };
        var code = new Argument<string>("CODE") { Description = "02 từ chối, 03 tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành, 15 đồng ý, 16 từ chối lấy lại/cập nhật" };
        var text = new Option<string?>("--reason", "-m") { Description = "lý do, bắt buộc với 02 và 16 / reason, required with 02 and 16" };
        var staff = new Option<string?>("--staff") { Description = "người xử lý / who acted" };
        var department = new Option<string?>("--department") { Description = "phòng, ban / department" };
        var requestId = new Option<string?>("--request-id") { Description = "mã yêu cầu; lặp lại không gửi hai lần / request id; the same one never answers twice" };
        var json = Options.Json();
        var command = new Command("answer", "Trả lời nơi gửi về một văn bản đến / Answer the sender of a document") { id, code, text, staff, department, requestId, json };
        code.AcceptOnlyFromAmong("02", "03", "04", "05", "06", "15", "16");
        var node = new NodeOptions(command);
        return command.WithExamples("answer 0b3c… 03", "answer 0b3c… 02 --reason \"Gửi nhầm nơi nhận\"").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var request = new AnswerRequest
            {
                IncomingId = parsed.GetRequiredValue(id),
                Code = parsed.GetRequiredValue(code),
                RequestId = parsed.GetValue(requestId) ?? Guid.NewGuid().ToString(),
                Description = parsed.GetValue(text) ?? "",
                Staff = parsed.GetValue(staff) ?? "",
                Department = parsed.GetValue(department) ?? "",
            };
            var answer = await connection.Incoming.AnswerAsync(request, cancellationToken: ct);
            if (parsed.GetValue(json)) terminal.WriteJson(answer);
            else terminal.Say($"Đã gửi {request.Code} ({StateWords.Status(request.Code)}): {answer.MessageId}", "the status is on its way");
            return ExitCode.Ok;
        });
    }
}
