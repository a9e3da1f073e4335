"""`{% styled field %}`: a form's field with the classes of its kind of input."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def styled(field: BoundField) -> SafeString | str:
    """The input itself. Faults and help are tied to it for screen readers."""
    widget = field.field.widget
    classes = [str(widget.attrs.get("class", "")), _class_of(widget), "is-invalid" if field.errors else ""]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    told = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        told.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if told:
        attrs["aria-describedby"] = " ".join(told)
    if isinstance(widget, forms.EmailInput | forms.URLInput | forms.PasswordInput):
        attrs["dir"] = "ltr"
    elif isinstance(widget, forms.TextInput | forms.Textarea) and "dir" not in widget.attrs:
        attrs["dir"] = "auto"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _choices(field, widget, attrs)
    return field.as_widget(attrs=attrs)


def _choices(field: BoundField, widget: ChoiceWidget, attrs: dict[str, str | bool]) -> SafeString:
    """One line for each, its words a label; or beside each other (`inline`)."""
    line = "form-check form-check-inline" if getattr(widget, "inline", False) else "form-check"
    options = widget.options(field.html_name, field.value() or [], {**attrs, "id": field.auto_id})
    return format_html_join(
        "",
        '<label class="{}">{}<span class="form-check-label">{}</span></label>',
        ((line, BoundWidget(widget, option, field.form.renderer).tag(), option["label"]) for option in options),
    )


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
